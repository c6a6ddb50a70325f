package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCases runs the checks of $VERBATIM_CASES: a folder of small inputs, each
// with the script "check" that exits with 0 if the program makes the right
// thing of it. The file "want" says what that is.
func TestCases(t *testing.T) {
	dir := os.Getenv("VERBATIM_CASES")
	if dir == "" {
		t.Skip("VERBATIM_CASES is not set: no cases to check")
	}
	for _, tool := range []string{"bash", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the checks need %s, which is not installed", tool)
		}
	}
	program, err := exec.LookPath("verbatim") // testscript puts it there
	if err != nil {
		t.Fatal(err)
	}
	checks, err := filepath.Glob(filepath.Join(dir, "*", "check"))
	if err != nil || len(checks) == 0 {
		t.Fatalf("no check in %s: %v", dir, err)
	}
	home := t.TempDir()
	for _, check := range checks {
		name := filepath.Base(filepath.Dir(check))
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "bash", check)
			cmd.Env = append(os.Environ(), "VERBATIM="+program, "HOME="+home, "VERBATIM_CONFIG=",
				"XDG_CONFIG_HOME="+filepath.Join(home, "config"), "XDG_CACHE_HOME="+filepath.Join(home, "cache"))
			if out, err := cmd.CombinedOutput(); err != nil {
				want, rerr := os.ReadFile(filepath.Join(filepath.Dir(check), "want"))
				if rerr != nil {
					t.Error(rerr)
				}
				t.Errorf("%v; want: %s\n%s", err, want, out)
			}
		})
	}
}
