# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
from aioemnify.blocking._stubs.client import Emnify as Emnify
from aioemnify.blocking._stubs.job import Job as Job
from aioemnify.blocking._stubs.pagination import Pages as Pages
from aioemnify.blocking._stubs.prefetch import PrefetchedPages as PrefetchedPages
from aioemnify.blocking._stubs.sweep import Sweep as Sweep
