"""What a disk holds, apart from what it was only told: a power cut forgets the rest.

Contents of a file are on the disk after fsync of that file. Names are kept three times:

- `now`: what programs see;
- `strict`: what POSIX promises, that a name is created, renamed or removed for good once its directory was synced;
- `journal`: what ext4 does (data=ordered, its default), where every fsync, of whatever, brings all changes of names
  before it, in their order.

Mode, owner and times are on the disk at once: nothing that is tested here rests on them.
"""

import random
import stat

SECTOR = 512


class Inode:
    def __init__(self, number, mode, uid, gid):
        self.number, self.mode, self.uid, self.gid = number, mode, uid, gid
        self.links = 0
        self.atime = self.mtime = self.ctime = 0


class File(Inode):
    def __init__(self, *args):
        super().__init__(*args)
        self.data = bytearray()
        self.synced_size = 0
        # What the disk still has where `data` is newer, the oldest first.
        self.undo = []

    def write(self, offset, data):
        if offset > len(self.data):
            self.data.extend(bytes(offset - len(self.data)))
        self._remember(offset, offset + len(data))
        self.data[offset : offset + len(data)] = data

    def truncate(self, size):
        self._remember(size, len(self.data))
        if size > len(self.data):
            self.data.extend(bytes(size - len(self.data)))
        else:
            del self.data[size:]

    def _remember(self, begin, end):
        end = min(end, self.synced_size, len(self.data))
        if begin < end:
            self.undo.append((begin, bytes(self.data[begin:end])))

    def is_synced(self):
        return not self.undo and len(self.data) == self.synced_size

    def sync(self):
        self.undo.clear()
        self.synced_size = len(self.data)

    def lose(self, chance):
        """Gives the bytes that were forgotten. `chance`: decides what has reached the disk unasked; None: nothing."""
        if self.is_synced():
            return 0
        newer, older = bytes(self.data), bytearray(self.data)
        older.extend(bytes(max(0, self.synced_size - len(older))))
        for offset, data in reversed(self.undo):
            older[offset : offset + len(data)] = data
        del older[self.synced_size :]
        sectors = {
            at
            for offset, data in self.undo
            for at in range(offset // SECTOR * SECTOR, offset + len(data), SECTOR)
        }
        lost = max(0, len(newer) - len(older))
        for at in sorted(sectors):
            sector = newer[at : at + SECTOR]
            end = min(at + len(sector), len(older))
            if chance is not None and chance.random() < 0.5:
                older[at:end] = sector[: end - at]
            elif older[at:end] != sector[: end - at]:
                lost += end - at
        # A file grows by blocks in their order.
        if chance is not None and len(newer) > len(older):
            sectors_more = chance.randint(0, (len(newer) - len(older)) // SECTOR)
            end = min(len(newer), (len(older) // SECTOR + sectors_more) * SECTOR)
            lost -= max(0, end - len(older))
            older.extend(newer[len(older) : end])
        self.data = older
        self.sync()
        return lost


class Directory(Inode):
    def __init__(self, *args):
        super().__init__(*args)
        self.now, self.strict, self.journal = {}, {}, {}
        self.parent = self


class Link(Inode):
    target = b""


class Disk:
    def __init__(self):
        self.inodes = {}
        self.last_number = 0
        # Changes of names since the last fsync of anything: each is one or two (directory, name, inode or None).
        self.pending = []
        self.root = self.new(Directory, stat.S_IFDIR | 0o755, 0, 0)
        self.root.links = 1

    def new(self, kind, *args):
        self.last_number += 1
        inode = kind(self.last_number, *args)
        self.inodes[inode.number] = inode
        return inode

    def name(self, *changes):
        for directory, name, inode in changes:
            before = directory.now.pop(name, None)
            if before is not None:
                before.links -= 1
            if inode is not None:
                directory.now[name] = inode
                inode.links += 1
                if isinstance(inode, Directory):
                    inode.parent = directory
        self.pending.append(changes)

    def sync_file(self, file):
        file.sync()
        self._commit(len(self.pending))

    def sync_directory(self, directory):
        directory.strict = dict(directory.now)
        self._commit(len(self.pending))

    def _commit(self, count):
        for changes in self.pending[:count]:
            for directory, name, inode in changes:
                if inode is None:
                    directory.journal.pop(name, None)
                else:
                    directory.journal[name] = inode
        del self.pending[:count]

    def lose_power(self, mode, seed):
        """`strict`: nothing that was not synced is left. `ordered`: names as on ext4, and of the rest what chance wills."""
        chance = random.Random(seed) if mode == "ordered" else None
        if chance is not None:
            self._commit(chance.randint(0, len(self.pending)))
        self.pending.clear()
        lost = {"bytes": 0, "names": 0}
        kept = {self.root.number: self.root}
        for inode in self.inodes.values():
            inode.links = 1 if inode is self.root else 0
        todo = [self.root]
        while todo:
            directory = todo.pop()
            names = directory.journal if mode == "ordered" else directory.strict
            for name in names.keys() | directory.now.keys():
                lost["names"] += names.get(name) is not directory.now.get(name)
            directory.now, directory.strict, directory.journal = dict(names), dict(names), dict(names)
            for inode in names.values():
                inode.links += 1
                if inode.number in kept:
                    continue
                kept[inode.number] = inode
                if isinstance(inode, Directory):
                    inode.parent = directory
                    todo.append(inode)
                elif isinstance(inode, File):
                    lost["bytes"] += inode.lose(chance)
        self.inodes = kept
        return lost
