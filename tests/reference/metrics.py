"""The numbers of `tests/metrics.rs`, by scikit-learn and Keras; the formulas there are the same.

pip install scikit-learn keras jax; KERAS_BACKEND=jax python metrics.py
"""

import keras
import numpy as np
import sklearn
from sklearn import metrics as m

print("scikit-learn", sklearn.__version__, "keras", keras.__version__)
N = 24
rows = np.arange(N)
raw = np.array([[(7 * i + 5 * j * j + 3 * j + (i * j) % 11) % 17 + 1 for j in range(4)] for i in range(N)], np.float32)
labels = (rows * rows + 2 * rows) // 3 % 4
probabilities = (raw / raw.sum(1, keepdims=True)).astype(np.float64)
predicted = probabilities.argmax(1)


def show(name, value):
    print(f"{name:<24}{float(value)!r}")


show("accuracy", m.accuracy_score(labels, predicted))
for k in (2, 3):
    show(f"top {k}", m.top_k_accuracy_score(labels, probabilities, k=k))
scores = (("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score))
for name, score in scores:
    for average in ("macro", "micro", "weighted"):
        show(f"{name} {average}", score(labels, predicted, average=average))
for average in ("macro", "weighted"):
    show(f"auc {average}", m.roc_auc_score(labels, probabilities, multi_class="ovr", average=average))
show("auc micro", m.roc_auc_score(np.eye(4)[labels], probabilities, average="micro"))
show("perplexity", np.exp(m.log_loss(labels, probabilities)))
print("confusion", m.confusion_matrix(labels, predicted).tolist())

score = ((13 * rows) % 20 / np.float32(20)).astype(np.float64)
yes = ((rows % 3 == 0) | (rows % 7 == 2)).astype(int)
for name, of in (*scores, ("accuracy", m.accuracy_score)):
    show(f"binary {name}", of(yes, score > 0.5))
show("binary auc", m.roc_auc_score(yes, score))
for bins in (4, 64):
    auc = keras.metrics.AUC(num_thresholds=bins + 1)
    auc.update_state(yes, score**2)
    show(f"keras auc, {bins} bins", auc.result())

several = np.array([[(i + j * j) % 3 == 0 for j in range(4)] for i in range(N)])
for name, of in scores:
    for average in ("macro", "micro", "weighted"):
        show(f"labels {name} {average}", of(several, raw > 9, average=average))

output = np.array([[(5 * i + 3 * j) % 13 / 4 for j in range(2)] for i in range(N)])
target = np.array([[(3 * i + 7 * j) % 11 / 4 for j in range(2)] for i in range(N)])
show("mae", m.mean_absolute_error(target, output))
show("mse", m.mean_squared_error(target, output))
show("rmse", np.sqrt(m.mean_squared_error(target, output)))
show("r2", m.r2_score(target, output))
show("r2, near", m.r2_score(target, target + output / 8))
