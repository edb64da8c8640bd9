"""Writes the arrays of this folder, with NumPy 2: `python make.py`."""

import numpy as np

values = np.arange(12).reshape(3, 2, 2)
np.save("c_order.npy", (values / 4).astype("<f4"))
np.save("fortran_order.npy", np.asfortranarray((values / 4).astype(">f8")))
np.savez_compressed("several.npz", half=(values / 4).astype("f2"), labels=np.array([2, 0, 1]), flags=values % 3 == 0)
