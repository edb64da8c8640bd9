"""Prints how much memory PyTorch needs beyond weights, moments and batch for a training step of 32 rows with Adam.

    python benches/peak_memory.py PEERS_FOLDER [NAMES]

PEERS_FOLDER holds models.py. Every allocation of a tensor on the CPU during the third step is taken from PyTorch's
profiler, in order of time; the figure is the largest sum of what is alive. Gradients are allocated anew by each step and
are part of it; they are printed by themselves too. What oneDNN allocates on its own is not seen.
"""
import sys
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

sys.path.insert(0, str(Path(sys.argv[1]).resolve()))
from models import ADAM, SUITE  # noqa: E402

BATCH = 32

torch.set_num_threads(1)
print("| network | peak bytes | of them gradients |\n| --- | ---: | ---: |")
for name in (sys.argv[2] if len(sys.argv) > 2 else "cnn,dscnn,resnet8,mobilenet_v1_025,autoencoder").split(","):
    spec = SUITE[name]
    peaks = []
    for layout in (torch.contiguous_format, torch.channels_last):
        model = spec.build().train()
        inputs, target = spec.inputs(BATCH), spec.targets(BATCH)
        if inputs[0].dim() == 4:
            model = model.to(memory_format=layout)
            inputs = [x.contiguous(memory_format=layout) for x in inputs]
        adam = torch.optim.Adam(model.parameters(), **ADAM)

        def step():
            adam.zero_grad(set_to_none=True)
            spec.loss(model(*inputs), target).backward()
            adam.step()

        step(), step()
        adam.zero_grad(set_to_none=True)
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as run:
            step()
        changes = [(event.start_ns(), event.nbytes()) for event in run.profiler.kineto_results.events()
                   if event.name() == "[memory]"]
        alive = peak = 0
        for _, change in sorted(changes, key=lambda pair: pair[0]):
            alive += change
            peak = max(peak, alive)
        peaks.append(peak)
    gradients = sum(4 * parameter.numel() for parameter in model.parameters())
    print(f"| {name} | {min(peaks)} | {gradients} |", flush=True)
