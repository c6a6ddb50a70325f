package app

import (
	"fmt"
	"io/fs"
	"syscall"
	"time"
)

// identity returns what tells a file from all others, and when its content,
// name or rights last changed.
func identity(info fs.FileInfo) (id string, changed time.Time, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", time.Time{}, false
	}
	return fmt.Sprintf("%d:%d", s.Dev, s.Ino), time.Unix(s.Ctim.Unix()), true
}
