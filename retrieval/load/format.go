package load

import (
	"context"
	"io"
	"path"
	"strings"
)

// format is a kind of file that is read.
type format struct {
	suffix string // of the name, in lower case
	whole  bool   // the file is one article, so its size is limited
	// read yields the articles of r, a file called name, and reports whether to go
	// on.
	read func(f *folder, ctx context.Context, name string, r io.Reader) bool
}

// formats are all that is read, in the order in which a user is told of them.
var formats = []format{
	{".txt", true, func(f *folder, _ context.Context, name string, r io.Reader) bool { return f.text(name, r) }},
	{".jsonl", false, func(f *folder, ctx context.Context, name string, r io.Reader) bool {
		return f.lines(ctx, name, r, false)
	}},
	{".jsonl.gz", false, func(f *folder, ctx context.Context, name string, r io.Reader) bool {
		return f.lines(ctx, name, r, true)
	}},
	{".json", false, func(f *folder, ctx context.Context, name string, r io.Reader) bool {
		return f.lines(ctx, name, r, false)
	}},
	{".csv", false, (*folder).table},
}

// formatOf returns the format of a file by its name.
func formatOf(name string) (format, bool) {
	name = strings.ToLower(name)
	for _, f := range formats {
		if strings.HasSuffix(name, f.suffix) {
			return f, true
		}
	}
	return format{}, false
}

// Formats lists the ends of the names of files that are read.
func Formats() string {
	suffixes := make([]string, len(formats))
	for i, f := range formats {
		suffixes[i] = f.suffix
	}
	last := len(suffixes) - 1
	return strings.Join(suffixes[:last], ", ") + " and " + suffixes[last]
}

// Takes reports whether a file of this name in a folder is read: as articles,
// or as what is known about them.
func Takes(name string) bool {
	base := path.Base(name)
	_, ok := formatOf(base)
	return base == articlesFile || base[0] != '.' && !ignored(base) && ok
}
