package safetext

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

func TestTerminal(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain, “curly” and no-break\u00a0space", "plain, “curly” and no-break\u00a0space"},
		{"a\nb\tc", "a\nb\tc"},
		{"a\r\nb\rc", "a\nb" + `\u000d` + "c"},
		{"\x1b[31mred\x1b[0m", `\u001b[31mred\u001b[0m`},
		{"\u009b31m", `\u009b31m`},
		{"\u202eabc\u202c \u2066x\u2069 \u200f", `\u202eabc\u202c \u2066x\u2069 \u200f`},
		{"\u200b\ufeff\u061c", `\u200b\ufeff\u061c`},
		{"\U000e0041", `\udb40\udc41`},
		{"\u3164\u2800\u115f\ue000\ufffc\u00ad", `\u3164\u2800\u115f\ue000\ufffc\u00ad`},
		{"a\xffb", `a\xffb`},
		{"\ufffd", "\ufffd"},
		{"می\u200cخواهم 👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3", "می\u200cخواهم 👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3"},
		{"pass\u200dword\u200c", `pass\u200dword\u200c`},
		{"\u0600\u0661\u0662", "\u0600\u0661\u0662"}, // an Arabic number sign is seen
		{"e" + strings.Repeat("\u0301", 6), "e" + strings.Repeat("\u0301", 4) + `\u0301\u0301`},
	}
	for _, tt := range tests {
		if got := Terminal(tt.in); got != tt.want {
			t.Errorf("Terminal(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// What one medium hides the others hide too.
func TestMediaHideTheSame(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r == 0x20000 {
			r = 0xe0000 // nothing between is special
		}
		if r == 0xf0000 {
			r = unicode.MaxRune - 0xffff
		}
		if r >= 0xd800 && r <= 0xdfff || strings.ContainsRune("\t\n\v\f\r\u0085\u2028\u2029", r) {
			continue
		}
		text := "x" + string(r) + "x"
		onTerminal := !strings.ContainsRune(Terminal(text), r)
		inMarkdown := !strings.ContainsRune(Markdown(text), r)
		inFile := !strings.ContainsRune(Named(text), r)
		data, err := JSON(text)
		if err != nil {
			t.Fatal(err)
		}
		inJSON := !strings.ContainsRune(string(data), r)
		if want := Hidden(r, 'x', 'x'); onTerminal != want || inMarkdown != want || inFile != want || inJSON != want {
			t.Errorf("%U: hidden on a terminal %t, in Markdown %t, in a file %t, in JSON %t, want %t", r, onTerminal, inMarkdown, inFile, inJSON, want)
		}
	}
}

func TestJSONKeepsText(t *testing.T) {
	for _, text := range []string{
		"plain", "<b>&</b>", "\x1b[31m\u202e\u200b\ufeff\U000e0041", "e" + strings.Repeat("\u0301", 9), "quote \" and \\ and\nlines\r\n", "\u2028\u3164",
	} {
		data, err := JSON(map[string]string{"v": text})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(data), "\n") != 1 || !strings.HasSuffix(string(data), "\n") {
			t.Errorf("%q is not one line", data)
		}
		var back map[string]string
		if err := json.Unmarshal(data, &back); err != nil || back["v"] != text {
			t.Errorf("%q came back as %q: %v", text, back["v"], err)
		}
		for c := range characters(strings.TrimSuffix(string(data), "\n")) {
			if c.hidden {
				t.Errorf("%q holds %U", data, c.r)
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain, 1,037 and “curly”", "plain, 1,037 and “curly”"},
		{"*bold* _it_ ~~no~~ |x| `code`", "\\*bold\\* \\_it\\_ \\~\\~no\\~\\~ \\|x\\| \\`code\\`"},
		{"<@123> @everyone @here @user", "\\<@123\\> \\@\u200beveryone \\@\u200bhere @user"},
		{"https://example.org/x", `https\://example.org/x`},
		{"1. first\n- second\n# third", `1\. first \- second \# third`},
		{"\u202eabc\u3164", "⟨U+202E⟩abc⟨U+3164⟩"},
		{"e" + strings.Repeat("\u0301", 5), "e" + strings.Repeat("\u0301", 4) + "⟨U+0301⟩"},
		{" two\u2028lines ", "two lines"},
	}
	for _, tt := range tests {
		got := Markdown(tt.in)
		if got != tt.want {
			t.Errorf("Markdown(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if !strings.Contains(got, "⟨") && Unmarkdown(got) != strings.TrimSpace(Flatten(tt.in)) {
			t.Errorf("Unmarkdown(%q) = %q", got, Unmarkdown(got))
		}
	}
}

func TestField(t *testing.T) {
	if got, want := Field("Reuters · 2021-07-04 ·\nForged"), `Reuters \u00b7 2021-07-04 \u00b7 Forged`; got != want {
		t.Errorf("Field = %q, want %q", got, want)
	}
}

func TestBlankAndClean(t *testing.T) {
	for text, want := range map[string]bool{"": true, " \t\n": true, "\u200b\u3164\u2800": true, " \u200bx": false, "😀": false} {
		if Blank(text) != want {
			t.Errorf("Blank(%q) = %t", text, !want)
		}
	}
	if got, want := Clean(" who\u200b is\n\n\u202ethe  governor? \xff"), "who is the governor?"; got != want {
		t.Errorf("Clean = %q, want %q", got, want)
	}
}

// Whatever a string holds, its JSON has no raw control and decodes to it.
func FuzzJSON(f *testing.F) {
	f.Add("<b>&\x1b[31m\u202e\u2028\U000e0041\u0000")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd")
		data, err := JSON(map[string]string{"v": text})
		if err != nil {
			t.Fatal(err)
		}
		for c := range characters(strings.TrimSuffix(string(data), "\n")) {
			if c.hidden {
				t.Errorf("raw %U in %q", c.r, data)
			}
		}
		var back map[string]string
		if err := json.Unmarshal(data, &back); err != nil || back["v"] != text {
			t.Errorf("%q came back as %q: %v", text, back["v"], err)
		}
	})
}
