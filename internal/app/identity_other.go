//go:build !linux

package app

import (
	"io/fs"
	"time"
)

// identity knows no file here, so that each is hashed every time.
func identity(fs.FileInfo) (id string, changed time.Time, ok bool) { return "", time.Time{}, false }
