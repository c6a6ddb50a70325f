package main

import (
	"time"

	"github.com/schollz/progressbar/v3"

	"verbatim/retrieval"
)

// bytesRead shows how many of total bytes are read, with the rate and the time
// left, if standard error is a terminal. total is negative if it is unknown.
func (p *program) bytesRead(what string, total int64) (update func(retrieval.Progress), end func()) {
	if _, tty := p.terminal(p.stderr); !tty || p.flags.quiet {
		return nil, func() {}
	}
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.stderr),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetWidth(30),
	)
	// Only a closed terminal makes these fail.
	return func(at retrieval.Progress) { _ = bar.Set64(at.Bytes) }, func() { _ = bar.Finish() }
}

// counter returns a function that shows how many of all things are done, or nil if
// standard error is not a terminal.
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
