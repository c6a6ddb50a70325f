package sqlite

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// headerBytes is the length of the header of a SQLite file. Its layout is in
// https://www.sqlite.org/fileformat.html.
const headerBytes = 100

// checkFile looks at the file before SQLite does. It finds one that is not a
// regular file (opening a FIFO never returns), not a SQLite file, another
// program's, or has lost its end, which SQLite itself notices only when it reads
// the missing part.
func checkFile(path string, applicationID uint32) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: it is not a regular file", ErrDamaged)
	}
	if info.Size() == 0 {
		return fmt.Errorf("%w: the file is empty", ErrDamaged)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	header := make([]byte, headerBytes)
	if _, err := io.ReadFull(f, header); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return fmt.Errorf("%w: it does not begin like a SQLite file", ErrDamaged)
	}
	// It is 0 while the commit that made the file is only in the log.
	if id := binary.BigEndian.Uint32(header[68:]); id != 0 && id != applicationID {
		return fmt.Errorf("%w: it is another program's database", ErrDamaged)
	}
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return nil // the end may still be in the log
	}
	size := int64(binary.BigEndian.Uint16(header[16:]))
	if size == 1 {
		size = 1 << 16
	}
	if want := size * int64(binary.BigEndian.Uint32(header[28:])); info.Size() < want {
		return fmt.Errorf("%w: it has %d bytes of %d", ErrDamaged, info.Size(), want)
	}
	return nil
}

// lostLog returns an error if the file at path is gone but its log is there:
// the log has the last changes of a file that someone moved or deleted.
func lostLog(path string) error {
	wal, err := os.Stat(path + "-wal")
	if err == nil && wal.Size() > 0 {
		return fmt.Errorf("%w: it is missing, but its log %s-wal is there", ErrDamaged, path)
	}
	return nil
}

// setAsideLog renames what is left of another database's log: SQLite would
// replay it into a new file of the name.
func setAsideLog(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil // another process made it meanwhile; the log is its own
	}
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		err := os.Rename(path+suffix, path+suffix+".old-"+rand.Text()[:8])
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// writable reports whether the file at path may be written.
func writable(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

func writableDir(dir string) bool {
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return false
	}
	f.Close()
	return os.Remove(f.Name()) == nil
}

// syncDir makes a new name in dir durable, if the file system can.
func syncDir(dir string) {
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	defer d.Close()
	_ = d.Sync()
}
