package local

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"verbatim/internal/sqlite"
	"verbatim/retrieval"
)

// lockName is the file whose lock the one writing process holds. It stays
// when the lock is free: taking it away would let two processes lock two
// files of the same name.
const lockName = "writer.lock"

// lockDir makes this process the one that writes in dir. It returns
// ErrLocked, with who does, where another one is.
func lockDir(dir string) (unlock func(), err error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		if sqlite.KindOf(err) == nil {
			return nil, fmt.Errorf("open lock %s: %w: %w", path, retrieval.ErrReadOnly, err)
		}
		return nil, stored(fmt.Errorf("open lock: %w", err))
	}
	held, err := tryLock(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if held {
		defer f.Close()
		holder, _ := io.ReadAll(io.LimitReader(f, 100))
		who := strings.TrimSpace(string(holder))
		if who == "" {
			who = "unknown"
		}
		return nil, fmt.Errorf("%w: %s holds %s", retrieval.ErrLocked, who, path)
	}
	// Who holds it is a courtesy: a full disk must not keep readers' indexes
	// from being mended.
	if f.Truncate(0) == nil {
		_, _ = fmt.Fprintf(f, "process %d\n", os.Getpid())
	}
	return func() {
		_ = f.Truncate(0)
		f.Close()
	}, nil
}
