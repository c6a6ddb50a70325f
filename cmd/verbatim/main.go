// Verbatim answers questions from a collection of news articles and proves
// each answer with quotes that are passages of a stored article, word for word.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	os.Exit(realMain())
}

func realMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second Ctrl-C ends the process at once.
	context.AfterFunc(ctx, stop)
	p := &program{
		stdin:     os.Stdin,
		stdout:    os.Stdout,
		stderr:    os.Stderr,
		getenv:    os.Getenv,
		configDir: absolute(os.UserConfigDir),
		cacheDir:  absolute(os.UserCacheDir),
		now:       time.Now,
		setLogOutput: func(w io.Writer) {
			log.SetFlags(0)
			log.SetOutput(w)
		},
	}
	return p.run(ctx, os.Args[1:])
}

// absolute refuses a directory that depends on where the program is run: with a
// relative HOME each folder would have a catalogue of its own.
func absolute(dir func() (string, error)) func() (string, error) {
	return func() (string, error) {
		path, err := dir()
		if err == nil && !filepath.IsAbs(path) {
			err = fmt.Errorf("the home directory %s is not an absolute path", path)
		}
		return path, err
	}
}
