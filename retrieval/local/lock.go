package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"verbatim/internal/sqlite"
	"verbatim/retrieval"
)

// lockName is the file whose lock the one writing process holds. It stays
// when the lock is free: taking it away would let two processes lock two
// files of the same name.
const lockName = "writer.lock"

// publishing follows the number of a process in the lock file that only writes
// an index, as one that reads may do for a moment.
const publishing = "publishing"

// How long a writer waits for a process that is publishing, and how often it
// looks.
const (
	publishLimit = 10 * time.Second
	publishPoll  = 20 * time.Millisecond
)

// lockToWrite is lockDir, and waits for a process that is publishing: articles
// can be stored beside readers at any time.
func lockToWrite(ctx context.Context, dir string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, publishLimit)
	defer cancel()
	tick := time.NewTicker(publishPoll)
	defer tick.Stop()
	for {
		unlock, err := lockDir(dir, "")
		if !errors.Is(err, retrieval.ErrLocked) || !isPublishing(filepath.Join(dir, lockName)) {
			return unlock, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, err
		}
	}
}

// isPublishing reports whether the holder of the lock says that it only
// publishes, or has not yet said what it does.
func isPublishing(path string) bool {
	who := holder(path)
	return who == unnamed || strings.HasSuffix(who, publishing)
}

// lockDir makes this process the one that writes in dir, for the given purpose:
// publishing or "". It returns ErrLocked, with who does, if another one is.
func lockDir(dir, purpose string) (unlock func(), err error) {
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
	_ = os.WriteFile(path, fmt.Appendf(nil, "%s\n", strings.TrimSpace(fmt.Sprintf("process %d %s", os.Getpid(), purpose))), 0o600)
	return func() {
		_ = os.Truncate(path, 0)
		_ = lock.Close()
	}, nil
}

// unnamed is the holder of a lock file that names none.
const unnamed = "another process"

// holder returns which process wrote its number into the lock file.
func holder(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return unnamed
	}
	defer f.Close()
	name, _ := io.ReadAll(io.LimitReader(f, 100))
	if who := strings.TrimSpace(string(name)); who != "" {
		return who
	}
	return unnamed
}
