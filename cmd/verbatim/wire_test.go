package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"verbatim/retrieval"
)

// Who only reads is not told of writing.
func TestReadingError(t *testing.T) {
	denied := fmt.Errorf("open catalogue: %w: %w", retrieval.ErrReadOnly, &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission})
	got := readingError("data", denied)
	if want := "read the catalogue in data: permission denied; check the rights"; !strings.HasPrefix(got.Error(), want) || !errors.Is(got, fs.ErrPermission) {
		t.Errorf("%v, want %q", got, want)
	}
	if got := readingError("data", retrieval.ErrDamaged); !errors.Is(got, retrieval.ErrDamaged) {
		t.Errorf("damaged: %v", got)
	}
}
