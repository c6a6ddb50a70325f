package main

import (
	"strings"
	"testing"
)

func TestEmptyPaths(t *testing.T) {
	for _, flag := range []string{"config", "data", "corpus"} {
		r := runProgram(t, surroundings{}, "--"+flag, "", "sources")
		wellBehaved(t, r, false)
		if r.code != exitUsage || !strings.HasPrefix(r.stderr, "verbatim: --"+flag+" is empty; it needs a path\n") {
			t.Errorf("--%s '': exit %d, %q", flag, r.code, r.stderr)
		}
	}
}
