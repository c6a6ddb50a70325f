package local

import (
	"errors"

	"verbatim/internal/sqlite"
	"verbatim/retrieval"
)

// kinds are the errors of a store for those of its files.
var kinds = map[error]error{
	sqlite.ErrDamaged:  retrieval.ErrDamaged,
	sqlite.ErrNewer:    retrieval.ErrNewer,
	sqlite.ErrOlder:    retrieval.ErrOlder,
	sqlite.ErrReadOnly: retrieval.ErrReadOnly,
	sqlite.ErrFull:     retrieval.ErrFull,
}

// stored returns err so that errors.Is finds the store's error for that of
// SQLite or of the file system.
func stored(err error) error {
	kind := kinds[sqlite.KindOf(err)]
	if kind == nil || errors.Is(err, kind) {
		return err
	}
	return &storeError{kind, err}
}

// storeError is err, which says itself what kind it is of.
type storeError struct{ kind, err error }

func (e *storeError) Error() string   { return e.err.Error() }
func (e *storeError) Unwrap() []error { return []error{e.kind, e.err} }
