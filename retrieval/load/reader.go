package load

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"path"

	"verbatim/retrieval"
)

// Reader yields the articles of one file, which is called name and read from
// r, as if it lay alone in a folder called root. The end of name decides the
// format. Errors are as those of Paths.
func Reader(ctx context.Context, root, name string, r io.Reader, o Options) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		f := newFolder(noFiles{}, root, o, yield)
		switch k := kindOf(name); k {
		case kindUnknown:
			f.refuse(name, unknownFormat)
		case kindText:
			f.text(name, r)
		default:
			f.lines(ctx, name, r, k == kindZipped)
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

// Takes reports whether a file of this name in a folder is read: as articles,
// or as what is known about them.
func Takes(name string) bool {
	base := path.Base(name)
	return base == articlesFile || base[0] != '.' && !ignored(base) && kindOf(base) != kindUnknown
}

// MetadataFile is the name of the file that says what is known about the articles
// beside it.
const MetadataFile = articlesFile
