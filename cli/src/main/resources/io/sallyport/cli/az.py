#!/usr/bin/python3
"""Runs the az of Debian 12.

The packages azure-cli 2.45.0-1 and python3-azure 20230112 of Debian 12 do not fit together: the command line asks for
azure.mgmt.network.v2022_01_01, the library has the models of v2022_07_01 and one set of operations for all versions.
As shipped, every "az network" command fails. This joins the two without changing a file of either. With an az that
is not Debian's it does nothing but start it.
"""
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import runpy
import sys

NETWORK = "azure.mgmt.network"


class Joint(importlib.abc.MetaPathFinder):
    """Stands before the usual way of finding modules."""

    OPERATIONS = re.compile(re.escape(NETWORK) + r"\.v\d+_\d+_\d+\.operations$")

    def find_spec(self, name, path=None, target=None):
        if self.OPERATIONS.match(name):
            return importlib.util.spec_from_loader(name, OneSetOfOperations())
        if name == NETWORK + "._validation":
            spec = importlib.machinery.PathFinder.find_spec(name, path)
            spec.loader = ShowingSignatures(spec.loader)
            return spec
        return None


class OneSetOfOperations(importlib.abc.Loader):
    """azure.mgmt.network.vX.operations is azure.mgmt.network.operations, whatever X."""

    def create_module(self, spec):
        return importlib.import_module(NETWORK + ".operations")

    def exec_module(self, module):
        pass


class ShowingSignatures(importlib.abc.Loader):
    """The library's check of versions hides the signatures from which az derives its options; this one shows them."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
        hiding = module.api_version_validation

        class Showing(hiding):
            def __call__(self, function):
                return functools.wraps(function)(super().__call__(function))

        module.api_version_validation = Showing


def join_debians_packages():
    sys.meta_path.insert(0, Joint())
    if not importlib.util.find_spec(NETWORK + ".v2022_07_01"):
        return
    from azure.cli.core.profiles import ResourceType, _shared

    _shared.AZURE_API_PROFILES["latest"][ResourceType.MGMT_NETWORK] = "2022-07-01"


if __name__ == "__main__":
    os.environ.setdefault("AZ_INSTALLER", "DEB")
    join_debians_packages()
    sys.argv[0] = "az"
    runpy.run_module("azure.cli", run_name="__main__")
