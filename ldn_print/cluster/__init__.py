"""A build on several machines: through Dask, which no other room knows.

The client packs the library into a parcel, compares every worker with itself and keeps a bounded number of jobs
under way (`executor`, `link`, `parcel`). A worker hands each job to a process of its own, with the limits of a
local build (`worker`, `child`).
"""
