// Verbatim answers questions from a collection of news articles and proves
// each answer by quotes that stand word for word in a stored article.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	os.Exit(realMain())
}

func realMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{
		stdin:     os.Stdin,
		stdout:    os.Stdout,
		stderr:    os.Stderr,
		getenv:    os.Getenv,
		configDir: os.UserConfigDir,
		cacheDir:  os.UserCacheDir,
		now:       time.Now,
	}
	return p.run(ctx, os.Args[1:])
}
