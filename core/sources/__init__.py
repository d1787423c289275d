"""Where customers come from: each kind is a module here, which registers itself on import of the package."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
