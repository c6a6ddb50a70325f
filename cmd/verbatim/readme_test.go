package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the sessions in README.md")

// The sessions in README.md are what the program prints on a terminal.
func TestGoldenReadme(t *testing.T) {
	path := filepath.Join("..", "..", "README.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	got := regexp.MustCompile("(?s)```console\n(.*?)```").ReplaceAllStringFunc(string(data), func(block string) string {
		blocks++
		var b strings.Builder
		b.WriteString("```console\n")
		for l := range strings.Lines(block) {
			command, ok := strings.CutPrefix(l, "$ verbatim ")
			if !ok {
				continue
			}
			if b.Len() > len("```console\n") {
				b.WriteString("\n")
			}
			b.WriteString(l)
			r := runProgram(t, surroundings{terminal: maxWidth}, append([]string{"--no-color"}, shellWords(command)...)...)
			b.WriteString(r.stderr + strings.TrimRight(r.stdout, "\n") + "\n")
		}
		return b.String() + "```"
	})
	if blocks == 0 {
		t.Fatal("README.md has no session")
	}
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(data), got); diff != "" {
		t.Errorf("README.md is not what the program prints; -update rewrites it (-README +program):\n%s", diff)
	}
}

// shellWords splits a command line at spaces, but not inside double quotes.
func shellWords(text string) []string {
	var words []string
	for i, part := range strings.Split(strings.TrimSpace(text), `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}
