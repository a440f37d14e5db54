"""Planning (S10, S16, S20, S22, S23): figures of the plan that no act of another domain gives.

The plan itself, its objectives and targets, is data of the profile; the engine of figures is `kernel.indicators`. Legal basis:
the ministry's plans and the resolutions that approve them. Responsible organ: the planning office.
"""
