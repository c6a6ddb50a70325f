package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/load"
)

// WriteMetadata writes an articles.yaml to fill in into each folder at paths, and
// each folder in it, that has articles of the catalogue and no such file yet. It
// returns the files written, and the folders that have one already.
func (w *Workspace) WriteMetadata(ctx context.Context, paths []string) (written, kept []string, err error) {
	infos, err := w.Store.Articles(ctx, retrieval.Filter{})
	if err != nil {
		return nil, nil, err
	}
	bySource := make(map[string]corpus.Info, len(infos))
	for _, i := range infos {
		bySource[i.Source] = i
	}
	for _, p := range paths {
		if ctx.Err() != nil {
			return written, kept, ctx.Err()
		}
		folders, err := articleFolders(p, bySource)
		if err != nil {
			return written, kept, err
		}
		for _, f := range folders {
			err := load.WriteMetadata(f.dir, f.files)
			switch {
			case errors.Is(err, fs.ErrExist):
				kept = append(kept, f.dir)
			case err != nil:
				return written, kept, err
			default:
				written = append(written, filepath.Join(f.dir, load.MetadataFile))
			}
		}
	}
	return written, kept, nil
}

// articleFolder is a folder with the files in it that are articles.
type articleFolder struct {
	dir   string
	files map[string]corpus.Info
}

// articleFolders lists the folders at and below path that hold files which are
// articles of the catalogue. A path of a file stands for its folder, with that
// file alone.
func articleFolders(path string, bySource map[string]corpus.Info) ([]articleFolder, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	root := abs
	if info, err := os.Stat(abs); err == nil && !info.IsDir() {
		root = filepath.Dir(abs)
	}
	var list []articleFolder
	err = filepath.WalkDir(abs, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // what cannot be read was reported by the ingest
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		info, ok := bySource[filepath.Base(root)+"/"+filepath.ToSlash(rel)]
		if !ok || strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		dir := filepath.Dir(name)
		if n := len(list); n == 0 || list[n-1].dir != dir {
			list = append(list, articleFolder{dir, make(map[string]corpus.Info)})
		}
		list[len(list)-1].files[d.Name()] = info
		return nil
	})
	return list, err
}
