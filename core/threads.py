"""Threads of the libraries that compute: one, so that results are the same everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sklearn.cluster  # noqa: F401  # loads BLAS and OpenMP, which the controller finds once they are there
from threadpoolctl import ThreadpoolController

from core.tweaks import limit_blas

POOLS: Final = ThreadpoolController()
limit_blas(POOLS)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let scikit-learn use this thread only: it adds up centres as its threads finish, and sums depend on the order.

    OpenMP's number of threads belongs to the thread that asks, so that nobody else sees the limit.
    """
    with POOLS.limit(limits=1, user_api="openmp"):
        yield
