"""Writes PyTorch's ResNet-18 of the peers' suite, and what it makes of four images, for the program `resnet18`.

    python benches/resnet18.py PEERS_FOLDER FOLDER

PEERS_FOLDER holds models.py. FOLDER gets resnet18.weights.safetensors (32-bit floats, PyTorch's names and shapes) and
resnet18.golden.safetensors: `in.x`, the images, channels first, and `eval.output`, the logits with batch norm in
inference mode. Logits are computed in 64 bits from the 32-bit numbers and stored in 32, as the suite's other goldens are.
"""
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

peers, folder = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(peers.resolve()))
from models import SUITE  # noqa: E402

BATCH = 4

folder.mkdir(parents=True, exist_ok=True)
spec = SUITE["resnet18"]
model = spec.build().eval()
weights = {name: values.contiguous() for name, values in model.state_dict().items() if values.is_floating_point()}
save_file(weights, folder / "resnet18.weights.safetensors")
(images,) = spec.inputs(BATCH, salt=11)
with torch.no_grad():
    single = model(images)
    double = model.double()(images.double()).float()
save_file({"in.x": images.contiguous(), "eval.output": double.contiguous()}, folder / "resnet18.golden.safetensors")
largest = double.abs().max()
print(f"largest logit {largest:.4f}; PyTorch in 32 bits differs by {(single - double).abs().max() / largest:.2e} of it")
