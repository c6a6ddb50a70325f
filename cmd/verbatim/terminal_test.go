package main

import (
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"verbatim/internal/safetext"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		in    string
		width int
		want  []string
	}{
		{"one two three", 0, []string{"one two three"}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one  two", 5, []string{"one", "two"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"a abcdefghij b", 4, []string{"a", "abcd", "efgh", "ij b"}},
		{"a\n\nb", 4, []string{"a", "", "b"}},
		{"日本語日本語", 4, []string{"日本", "語日", "本語"}},
		{"", 10, []string{""}},
	}
	for _, tt := range tests {
		if got := wrap(tt.in, tt.width); strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("wrap(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}

// No line is too wide, and nothing but white space is lost.
func FuzzWrap(f *testing.F) {
	f.Add("The quick brown fox, “quoted”\nand a longwordwithoutanyspaceinit", 12)
	f.Add("日本語 \t👩‍👧 é", 2)
	f.Fuzz(func(t *testing.T, text string, width int) {
		text = safetext.Terminal(text)
		if width < 2 || width > 200 || len(text) > 2000 {
			return
		}
		lines := wrap(text, width)
		for _, l := range lines {
			if lipgloss.Width(l) > width && len([]rune(l)) > 1 && lipgloss.Width(string([]rune(l)[1:])) > width {
				t.Errorf("a line of %d columns, want %d: %q", lipgloss.Width(l), width, l)
			}
		}
		squeeze := func(s string) string {
			return strings.NewReplacer(" ", "", "\n", "").Replace(s)
		}
		if got, want := squeeze(strings.Join(lines, "")), squeeze(text); got != want {
			t.Errorf("wrapped %q, want %q", got, want)
		}
	})
}

func TestColour(t *testing.T) {
	args := []string{"ask", "How many Afghan soldiers fled to Tajikistan?"}
	coloured := func(s surroundings, args ...string) bool {
		return strings.Contains(runProgram(t, s, args...).stdout, "\x1b[")
	}
	if !coloured(surroundings{terminal: 80}, args...) {
		t.Error("no colour on a terminal")
	}
	if coloured(surroundings{}, args...) {
		t.Error("colour in a pipe")
	}
	if coloured(surroundings{terminal: 80}, append(args, "--no-color")...) {
		t.Error("colour in spite of --no-color")
	}
	if coloured(surroundings{terminal: 80, env: map[string]string{"NO_COLOR": "1"}}, args...) {
		t.Error("colour in spite of NO_COLOR")
	}
	if coloured(surroundings{terminal: 80, env: map[string]string{"TERM": "dumb"}}, args...) {
		t.Error("colour on a dumb terminal")
	}
}

func TestTerminalWidth(t *testing.T) {
	for _, width := range []int{1, 30, 60, 100, 400} {
		r := runProgram(t, surroundings{terminal: width}, "ask", "--no-color", "How many Afghan soldiers fled to Tajikistan?")
		limit := min(max(width, minWidth), maxWidth)
		for l := range strings.Lines(r.stdout) {
			if n := lipgloss.Width(strings.TrimRight(l, "\n")); n > limit {
				t.Errorf("terminal of %d columns: a line of %d: %q", width, n, l)
			}
		}
	}
}

func TestItoa(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1037: "1,037", 1234567: "1,234,567", -5000: "-5,000", 1000000: "1,000,000"} {
		if got := itoa(n); got != want {
			t.Errorf("itoa(%d) = %s, want %s", n, got, want)
		}
	}
}
