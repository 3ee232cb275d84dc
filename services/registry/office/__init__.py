"""The offices: the tree of territories, departments beneath it, independent mining areas."""
