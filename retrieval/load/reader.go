package load

import (
	"context"
	"io"
	"io/fs"
	"iter"

	"verbatim/retrieval"
)

// Reader yields the articles of one file, which is called name and read from
// r, as if it lay alone in a folder called root. The end of name decides the
// format. Errors are as those of Paths.
func Reader(ctx context.Context, root, name string, r io.Reader, o Options) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		f := newFolder(noFiles{}, root, o, yield)
		if format, ok := formatOf(name); ok {
			format.read(f, ctx, name, r)
		} else {
			f.refuse(name, f.whyUnknown(name))
		}
		f.cancelled(ctx)
	}
}

// noFiles is a file system without files: nothing lies beside what a Reader
// reads.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// MetadataFile is the name of the file that says what is known about the articles
// beside it.
const MetadataFile = articlesFile
