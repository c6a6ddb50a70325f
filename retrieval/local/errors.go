package local

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"verbatim/retrieval"
)

// explain wraps err of SQLite or of the file system so that errors.Is finds
// what kind it is of.
func explain(what string, err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%s: %w: %w", what, kind, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

func kindOf(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT) {
		return retrieval.ErrFull
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return retrieval.ErrReadOnly
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return retrieval.ErrDamaged
	case sqlite3.SQLITE_FULL:
		return retrieval.ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return retrieval.ErrReadOnly
	case sqlite3.SQLITE_IOERR:
		if e.Code() == sqlite3.SQLITE_IOERR_WRITE {
			return retrieval.ErrFull
		}
		if e.Code() == sqlite3.SQLITE_IOERR_SHORT_READ {
			return retrieval.ErrDamaged
		}
	}
	return nil
}

// unwritable is explain for what fails when a directory is made or opened
// for writing.
func unwritable(what string, err error) error {
	if kindOf(err) == nil {
		return fmt.Errorf("%s: %w: %w", what, retrieval.ErrReadOnly, err)
	}
	return explain(what, err)
}
