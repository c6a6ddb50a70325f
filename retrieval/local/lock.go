package local

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"verbatim/internal/sqlite"
	"verbatim/retrieval"
)

// lockName is the file whose lock the one writing process holds. It stays
// when the lock is free: taking it away would let two processes lock two
// files of the same name.
const lockName = "writer.lock"

// lockDir makes this process the one that writes in dir. It returns ErrLocked,
// with who does, if another one is.
func lockDir(dir string) (unlock func(), err error) {
	path := filepath.Join(dir, lockName)
	lock := flock.New(path, flock.SetFlag(os.O_RDWR|os.O_CREATE), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		if sqlite.KindOf(err) == nil {
			return nil, fmt.Errorf("lock %s: %w: %w", path, retrieval.ErrReadOnly, err)
		}
		return nil, stored(fmt.Errorf("lock: %w", err))
	}
	if !held {
		return nil, fmt.Errorf("%w: %s holds %s", retrieval.ErrLocked, holder(path), path)
	}
	// Who holds it is a courtesy: a full disk must not keep readers' indexes
	// from being repaired.
	_ = os.WriteFile(path, fmt.Appendf(nil, "process %d\n", os.Getpid()), 0o600)
	return func() {
		_ = os.Truncate(path, 0)
		_ = lock.Close()
	}, nil
}

// holder tells which process wrote its number into the lock file.
func holder(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return "another process"
	}
	defer f.Close()
	name, _ := io.ReadAll(io.LimitReader(f, 100))
	if who := strings.TrimSpace(string(name)); who != "" {
		return who
	}
	return "another process"
}
