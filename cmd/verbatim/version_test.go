package main

import (
	"os/exec"
	"strings"
	"testing"
)

// Every module that is linked has its license in NOTICE, which go generate
// writes.
func TestNotice(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatalf("list the modules: %v", err)
	}
	lines := make(map[string]bool)
	for l := range strings.Lines(notice) {
		lines[strings.TrimSpace(l)] = true
	}
	for m := range strings.Lines(string(out)) {
		if m = strings.TrimSpace(m); m != "" && !lines[m] {
			t.Errorf("NOTICE does not name %s: run 'go generate ./cmd/verbatim'", m)
		}
	}
}
