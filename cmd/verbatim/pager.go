package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// page runs print and shows what it prints in a pager if standard output is a
// terminal with fewer rows than that. PAGER names the pager; by default it is
// less, and "cat" means none.
func (p *program) page(ctx context.Context, print func() error) error {
	_, tty := p.terminal(p.stdout)
	out, ok := p.stdout.(*os.File)
	if !ok || !tty || p.flags.json || p.getenv("TERM") == "dumb" {
		return print()
	}
	var printed bytes.Buffer
	p.paged = &printed
	err := print()
	p.paged = nil
	if bytes.Count(printed.Bytes(), []byte("\n")) < p.terminalRows(p.stdout) || !p.runPager(ctx, out, printed.Bytes()) {
		_, werr := out.Write(printed.Bytes())
		return errors.Join(err, werr)
	}
	return err
}

// runPager shows text in the pager, and reports whether there is one.
func (p *program) runPager(ctx context.Context, out *os.File, text []byte) bool {
	command := strings.Fields(p.pager())
	if len(command) == 0 || command[0] == "cat" {
		return false
	}
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(text), out, os.Stderr
	if p.getenv("LESS") == "" {
		c.Env = append(os.Environ(), "LESS=FRX") // colors stay, a short text ends it, and the screen is kept
	}
	if err := c.Start(); err != nil {
		return false
	}
	if err := c.Wait(); err != nil && ctx.Err() == nil {
		fmt.Fprintln(p.stderr, "verbatim: the pager "+command[0]+" failed: "+err.Error())
	}
	return true
}

func (p *program) pager() string { return cmp.Or(p.getenv("PAGER"), "less") }

// destination returns what is written to for w.
func (p *program) destination(w io.Writer) io.Writer {
	if p.paged != nil && w == p.stdout {
		return p.paged
	}
	return w
}
