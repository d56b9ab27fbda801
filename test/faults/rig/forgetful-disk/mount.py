"""Mounts a disk that forgets what was not synced: `mount.py DIRECTORY`.

Says one line on its standard output: `mounted`. Whoever wants the power cut unmounts DIRECTORY and writes a line,
`strict SEED` or `ordered SEED`; the answer is what was forgotten, as JSON, and then `mounted` again. Nothing that the
kernel has kept of the mount before outlives that. It ends when its input does.
"""

import errno
import json
import os
import stat
import sys
import time

import pyfuse3
import trio

from disk import Directory, Disk, File, Link

# Nobody else changes anything: the kernel need not ask again.
FOREVER = 3600
BLOCK = 4096
# A real disk takes its time, and that is when a cut must find whoever did not wait for it.
SYNC_SECONDS = 0.002


class Forgetful(pyfuse3.Operations):
    supports_dot_lookup = True

    def __init__(self, disk):
        super().__init__()
        self.disk = disk

    def _inode(self, number):
        inode = self.disk.inodes.get(number)
        if inode is None:
            raise pyfuse3.FUSEError(errno.ESTALE)
        return inode

    def _child(self, parent, name):
        child = self._inode(parent).now.get(name)
        if child is None:
            raise pyfuse3.FUSEError(errno.ENOENT)
        return child

    def _attributes(self, inode):
        size = len(inode.data) if isinstance(inode, File) else BLOCK
        entry = pyfuse3.EntryAttributes()
        entry.st_ino, entry.st_mode, entry.st_nlink = inode.number, inode.mode, inode.links
        entry.st_uid, entry.st_gid = inode.uid, inode.gid
        entry.st_size, entry.st_blksize, entry.st_blocks = size, BLOCK, (size + 511) // 512
        entry.st_atime_ns, entry.st_mtime_ns, entry.st_ctime_ns = inode.atime, inode.mtime, inode.ctime
        entry.entry_timeout = entry.attr_timeout = FOREVER
        return entry

    def _make(self, parent, name, kind, mode, ctx):
        directory = self._inode(parent)
        if name in directory.now:
            raise pyfuse3.FUSEError(errno.EEXIST)
        inode = self.disk.new(kind, mode, ctx.uid, ctx.gid)
        inode.atime = inode.mtime = inode.ctime = time.time_ns()
        self.disk.name((directory, name, inode))
        return inode

    async def lookup(self, parent, name, ctx=None):
        if name == b".":
            return self._attributes(self._inode(parent))
        if name == b"..":
            return self._attributes(self._inode(parent).parent)
        return self._attributes(self._child(parent, name))

    async def getattr(self, number, ctx=None):
        return self._attributes(self._inode(number))

    async def setattr(self, number, attr, fields, fh, ctx):
        inode = self._inode(number)
        if fields.update_size:
            inode.truncate(attr.st_size)
            inode.mtime = time.time_ns()
        if fields.update_mode:
            inode.mode = stat.S_IFMT(inode.mode) | stat.S_IMODE(attr.st_mode)
        if fields.update_uid:
            inode.uid = attr.st_uid
        if fields.update_gid:
            inode.gid = attr.st_gid
        if fields.update_atime:
            inode.atime = attr.st_atime_ns
        if fields.update_mtime:
            inode.mtime = attr.st_mtime_ns
        inode.ctime = time.time_ns()
        return self._attributes(inode)

    async def mkdir(self, parent, name, mode, ctx):
        return self._attributes(self._make(parent, name, Directory, stat.S_IFDIR | mode, ctx))

    async def symlink(self, parent, name, target, ctx):
        link = self._make(parent, name, Link, stat.S_IFLNK | 0o777, ctx)
        link.target = target
        return self._attributes(link)

    async def readlink(self, number, ctx):
        return self._inode(number).target

    async def link(self, number, parent, name, ctx):
        self.disk.name((self._inode(parent), name, self._inode(number)))
        return self._attributes(self._inode(number))

    async def unlink(self, parent, name, ctx):
        self._child(parent, name)
        self.disk.name((self._inode(parent), name, None))

    async def rmdir(self, parent, name, ctx):
        if self._child(parent, name).now:
            raise pyfuse3.FUSEError(errno.ENOTEMPTY)
        self.disk.name((self._inode(parent), name, None))

    async def rename(self, old_parent, old_name, parent, name, flags, ctx):
        inode, there = self._child(old_parent, old_name), self._inode(parent).now.get(name)
        if flags & pyfuse3.RENAME_EXCHANGE:
            raise pyfuse3.FUSEError(errno.EINVAL)
        if there is not None and flags & pyfuse3.RENAME_NOREPLACE:
            raise pyfuse3.FUSEError(errno.EEXIST)
        if isinstance(there, Directory) and there.now:
            raise pyfuse3.FUSEError(errno.ENOTEMPTY)
        self.disk.name((self._inode(old_parent), old_name, None), (self._inode(parent), name, inode))

    async def open(self, number, flags, ctx):
        if flags & os.O_TRUNC:
            self._inode(number).truncate(0)
        return pyfuse3.FileInfo(fh=number, keep_cache=True)

    async def create(self, parent, name, mode, flags, ctx):
        file = self._make(parent, name, File, stat.S_IFREG | mode, ctx)
        return pyfuse3.FileInfo(fh=file.number, keep_cache=True), self._attributes(file)

    async def read(self, number, offset, size):
        return bytes(self._inode(number).data[offset : offset + size])

    async def write(self, number, offset, data):
        file = self._inode(number)
        file.write(offset, data)
        file.mtime = file.ctime = time.time_ns()
        return len(data)

    async def fsync(self, number, datasync):
        file = self._inode(number)
        if not file.is_synced():
            await trio.sleep(SYNC_SECONDS)
        self.disk.sync_file(file)

    async def fsyncdir(self, number, datasync):
        self.disk.sync_directory(self._inode(number))

    async def opendir(self, number, ctx):
        return number

    async def readdir(self, number, start, token):
        entries = sorted(self._inode(number).now.items(), key=lambda item: item[1].number)
        for name, inode in entries:
            if inode.number > start:
                if not pyfuse3.readdir_reply(token, name, self._attributes(inode), inode.number):
                    return

    async def statfs(self, ctx):
        stats = pyfuse3.StatvfsData()
        stats.f_bsize = stats.f_frsize = BLOCK
        stats.f_blocks = stats.f_bfree = stats.f_bavail = 2**20
        stats.f_files = stats.f_ffree = stats.f_favail = 2**20
        stats.f_namemax = 255
        return stats

    async def access(self, number, mode, ctx):
        return True


async def serve():
    """Until it is unmounted, or the input has ended: whoever mounted it is dead."""

    async def end_with_input():
        await trio.lowlevel.wait_readable(sys.stdin.fileno())
        pyfuse3.terminate()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(end_with_input)
        await pyfuse3.main()
        nursery.cancel_scope.cancel()


def main(directory):
    disk = Disk()
    options = {*pyfuse3.default_options, "fsname=fio-forgetful-disk", "allow_other"}
    line = "first"
    while line:
        pyfuse3.init(Forgetful(disk), directory, options)
        print("mounted", flush=True)
        trio.run(serve)
        pyfuse3.close()
        line = sys.stdin.readline()
        if line:
            mode, seed = line.split()
            print(json.dumps(disk.lose_power(mode, int(seed))), flush=True)


main(sys.argv[1])
