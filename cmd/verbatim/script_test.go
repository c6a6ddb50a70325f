package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"verbatim/seeds"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"verbatim": func() { os.Exit(realMain()) },
	})
}

// The scripts run the program as a process with a home of its own. "exits N
// ARGS" runs it and wants exit code N.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
			env.Setenv("SEEDS", filepath.Join(env.WorkDir, "seeds"))
			if err := os.CopyFS(filepath.Join(env.WorkDir, "seeds"), seeds.Files()); err != nil {
				return err
			}
			env.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
			return os.MkdirAll(home, 0o755)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) < 1 {
					ts.Fatalf("usage: exits CODE ARGS...")
				}
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				got := 0
				if err := ts.Exec("verbatim", args[1:]...); err != nil {
					exit, ok := errors.AsType[*exec.ExitError](err)
					if !ok {
						ts.Fatalf("run verbatim: %v", err)
					}
					got = exit.ExitCode()
				}
				if got != want {
					ts.Fatalf("exit code %d, want %d", got, want)
				}
			},
		},
	})
}
