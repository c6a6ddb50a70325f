package main

import (
	"time"

	"github.com/schollz/progressbar/v3"

	"verbatim/retrieval"
)

// progress shows how far an ingest has come, where standard error is a
// terminal.
type progress struct{ bar *progressbar.ProgressBar }

// newProgressOf returns a bar for total bytes, or an unknown number where
// total is negative. It shows the rate and, where it can, the time left.
func (p *program) newProgressOf(what string, total int64) *progress {
	if _, tty := p.terminal(p.stderr); !tty || p.flags.quiet {
		return &progress{}
	}
	return &progress{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.stderr),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetWidth(30),
	)}
}

func (b *progress) update(at retrieval.Progress) {
	if b.bar != nil {
		_ = b.bar.Set64(at.Bytes) // only a closed terminal makes it fail
	}
}

func (b *progress) end() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}

// counter returns a function that shows how many of all things are done, where
// standard error is a terminal; nil where it is none.
func (p *program) counter(what string) func(done, all int) {
	if _, tty := p.terminal(p.stderr); !tty || p.flags.quiet {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, all int) {
		if bar == nil {
			bar = progressbar.NewOptions(all,
				progressbar.OptionSetWriter(p.stderr),
				progressbar.OptionSetDescription(what),
				progressbar.OptionShowCount(),
				progressbar.OptionShowIts(),
				progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionClearOnFinish(),
			)
		}
		_ = bar.Set(done) // only a closed terminal makes it fail
		if done == all {
			_ = bar.Finish()
		}
	}
}
