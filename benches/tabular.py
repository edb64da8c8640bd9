"""The tables of `examples/tabular.rs` with scikit-learn's networks: the same layers, optimizer, epochs and folds' sizes.

pip install scikit-learn; python benches/tabular.py
"""

import warnings

import numpy as np
import sklearn
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore", ConvergenceWarning)
SEEDS = (1, 2, 3)


def settings(epochs, seed):
    """Every epoch is run: no early end by a tolerance."""
    return dict(
        hidden_layer_sizes=(32,), alpha=0, batch_size=32, learning_rate_init=1e-3,
        max_iter=epochs, n_iter_no_change=epochs, tol=0, random_state=seed,
    )


def classifier(data, seed):
    model = make_pipeline(StandardScaler(), MLPClassifier(**settings(100, seed)))
    return cross_val_score(model, *data, cv=StratifiedKFold(5, shuffle=True, random_state=seed))


def regressor(data, seed):
    model = make_pipeline(StandardScaler(), MLPRegressor(**settings(40, seed)))
    model = TransformedTargetRegressor(model, transformer=StandardScaler())
    return cross_val_score(model, *data, cv=KFold(5, shuffle=True, random_state=seed), scoring="r2")


print("scikit-learn", sklearn.__version__)
tables = {
    "optdigits": (load_digits, classifier),
    "iris": (load_iris, classifier),
    "wine": (load_wine, classifier),
    "breast cancer": (load_breast_cancer, classifier),
    "diabetes": (load_diabetes, regressor),
}
for name, (load, score) in tables.items():
    data = load(return_X_y=True)
    scores = np.concatenate([score(data, seed) for seed in SEEDS])
    print(f"{name:<14} {'R²' if score is regressor else 'accuracy':<9} {scores.mean():.4f} ± {scores.std():.4f}")
