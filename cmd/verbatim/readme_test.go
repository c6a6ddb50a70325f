package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/internal/safetext"
)

var update = flag.Bool("update", false, "rewrite golden files and the sessions in README.md")

// The sessions in README.md are what the program prints on a terminal, and its
// Discord answers are drawn from the bot's golden files.
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
	got = regexp.MustCompile("(?s)```discord (\\S+)\n.*?```").ReplaceAllStringFunc(got, func(block string) string {
		blocks++
		first, _, _ := strings.Cut(block, "\n")
		return first + "\n" + drawMessage(t, strings.TrimPrefix(first, "```discord ")) + "```"
	})
	if blocks < 2 {
		t.Fatal("README.md lacks a session or a Discord answer")
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

// goldenMessage is a message as the bot's golden files hold it.
type goldenMessage struct {
	Text    []string
	Buttons [][]string
}

// drawMessage returns a message of the bot as plain text: no markup, no
// addresses, and its buttons by their labels.
func drawMessage(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "bot", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var m goldenMessage
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, l := range m.Text {
		l = regexp.MustCompile(`\[([^\]]*)\]\(<?[^)]*>?\)`).ReplaceAllString(l, "$1")
		l = safetext.Unmarkdown(strings.NewReplacer("**", "", "\u200b", "").Replace(strings.TrimPrefix(l, "-# ")))
		lead, next := "", ""
		if quoted, ok := strings.CutPrefix(l, "> "); ok {
			l, lead, next = quoted, "▎ ", "▎ "
		}
		for _, l := range wrap(l, maxWidth-len(lead)) {
			b.WriteString(lead + l + "\n")
			lead = next
		}
	}
	for _, row := range m.Buttons {
		for i, button := range row {
			label, _, _ := strings.Cut(button, " = ")
			row[i] = "[ " + label + " ]"
		}
		b.WriteString(strings.Join(row, " ") + "\n")
	}
	return b.String()
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
