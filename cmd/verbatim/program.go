package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strconv"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/spf13/cobra"

	"verbatim/internal/app"
	"verbatim/internal/safetext"
)

// program is one run of verbatim, with everything that it takes from its
// surroundings, so that a test can replace it.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	configDir      func() (string, error)
	cacheDir       func() (string, error)
	now            func() time.Time
	// setLogOutput redirects the log of package log, which bleve writes to; nil
	// leaves it as it is.
	setLogOutput func(io.Writer)
	// terminal tells the width of the terminal that a writer is; nil means to
	// ask the operating system.
	terminal func(io.Writer) (width int, ok bool)
	rows     int // of the terminal; 0 means to ask the operating system

	flags   globalFlags
	printed bool          // JSON was printed
	paged   *bytes.Buffer // takes what is printed for the pager; nil: there is none
	region  *region
}

// globalFlags are the flags that every command takes.
type globalFlags struct {
	config   string
	data     string
	corpus   []string
	json     bool
	quiet    bool
	noColor  bool
	logLevel string
}

// run runs the command of args, prints its error and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	if p.terminal == nil {
		p.terminal = terminalWidth
	}
	p.region = &region{w: p.stdout, size: func() (int, int) {
		columns, _ := p.terminal(p.stdout)
		return columns, p.terminalRows(p.stdout)
	}}
	root := p.rootCommand()
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	code := exitCode(err)
	if e, ok := errors.AsType[*exitError](err); ok && e.err == nil {
		return code
	}
	message := safetext.Line(err.Error())
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		code, message = exitFailed, "interrupted"
	}
	fmt.Fprintln(p.stderr, "verbatim: "+message)
	if p.flags.json && !p.printed && code == exitFailed {
		p.printFailure(message)
	}
	if code == exitUsage {
		fmt.Fprintln(p.stderr, "Run 'verbatim --help' to see the commands, or 'verbatim COMMAND --help' for one of them.")
	}
	return code
}

// printFailure prints the object of a command that failed before it had one.
func (p *program) printFailure(message string) {
	err := p.printJSON(struct {
		Error string   `json:"error"`
		Notes []string `json:"notes"`
	}{message, []string{}})
	if err != nil {
		fmt.Fprintln(p.stderr, "verbatim: "+safetext.Line(err.Error()))
	}
}

// notice tells the user something on standard error, unless --quiet.
func (p *program) notice(format string, args ...any) {
	if !p.flags.quiet {
		p.newScreen(p.stderr).para("", safetext.Line(fmt.Sprintf(format, args...)), lipgloss.NewStyle())
	}
}

// logger returns the log of this run, which goes to standard error.
func (p *program) logger(c app.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: slogLevel(c.Log.Level)}
	w := p.region.beside(p.stderr)
	var h slog.Handler = slog.NewTextHandler(w, o)
	if c.Log.Format == "json" {
		h = slog.NewJSONHandler(w, o)
	}
	if p.setLogOutput != nil {
		p.setLogOutput(slog.NewLogLogger(h, slog.LevelWarn).Writer())
	}
	return slog.New(h)
}

// settings reads the config and lets the flags outrank it.
func (p *program) settings() (app.Config, error) {
	c, _, err := p.loadConfig(p.flags.config)
	if err != nil {
		return app.Config{}, err
	}
	if p.flags.data != "" {
		c.Data = p.flags.data
	}
	if p.flags.logLevel != "" {
		c.Log.Level = p.flags.logLevel
		if err := c.Check(); err != nil {
			return app.Config{}, usagef("--log-level %q is not debug, info, warn or error", p.flags.logLevel)
		}
	}
	return c, nil
}

// app returns what the config, the flags and the environment configure.
func (p *program) app() (*app.App, error) {
	c, err := p.settings()
	if err != nil {
		return nil, err
	}
	return p.appOf(c), nil
}

func (p *program) appOf(c app.Config) *app.App {
	return &app.App{
		Config: c, Places: p.places(c.Data), Corpus: p.flags.corpus, Log: p.logger(c), Now: p.now,
		Keys:     app.Keys{Chat: p.getenv("OPENAI_API_KEY"), Embeddings: p.getenv("VERBATIM_EMBEDDINGS_KEY")},
		Notice:   func(text string) { p.notice("%s", text) },
		Progress: p.bytesRead,
	}
}

// open opens the corpus that questions are put to.
func (p *program) open(ctx context.Context) (*app.Workspace, error) {
	a, err := p.app()
	if err != nil {
		return nil, err
	}
	return a.Open(ctx)
}

// places returns where catalogue and cache lie: under data if it is given, else
// in the user's config and cache directories.
func (p *program) places(data string) app.Places {
	if data != "" {
		return app.Places{Catalogue: data, Cache: filepath.Join(data, "cache")}
	}
	var at app.Places
	if dir, err := p.configDir(); err == nil {
		at.Catalogue = filepath.Join(dir, "verbatim")
	}
	if dir, err := p.cacheDir(); err == nil {
		at.Cache = filepath.Join(dir, "verbatim")
	}
	return at
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments, but got %q", cmd.Name(), args[0])
	}
	return nil
}

func digits(n int) string { return strconv.Itoa(n) }
