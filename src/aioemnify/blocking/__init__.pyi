# What type checkers read of __init__.py, whose classes are proxies.
from aioemnify.blocking._stubs import Emnify as Emnify
from aioemnify.blocking._stubs import Job as Job
from aioemnify.blocking._stubs import Pages as Pages
from aioemnify.blocking._stubs import PrefetchedPages as PrefetchedPages
from aioemnify.blocking._stubs import Sweep as Sweep

__all__ = ["Emnify", "Job", "Pages", "PrefetchedPages", "Sweep"]
