package retrieval_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"verbatim/retrieval"
	"verbatim/retrieval/segment"
)

// Whatever bytes a file has, Read refuses them or makes an article of which all
// spans can be quoted.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"The dam broke.\n\nThe river rose.", "\xff\xfeT\x00h\x00e\x00", "\xfe\xff\x00T\x00h", "\xef\xbb\xbfA mark.", "caf\xe9 na\xefve", "\x00\x00\xfe\xff",
		"&amp; &lt;b&gt; &#8217;", "cafÃ© â€œquotedâ€\u009d", "+ADw-script+AD4-", "\xed\xa0\x80 surrogate", "a\r\nb\rc\u2028d\u0085e", "%PDF-1.7", "\x1f\x8b\x08",
		"KABUL, July 4 (Reuters) - The dam broke.\n\nRead more: Flood in pictures\n\nThe river rose.",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := retrieval.Read(retrieval.Item{Source: "a", Raw: raw})
		var refusal *retrieval.Refusal
		if errors.As(err, &refusal) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.ValidString(a.Body) || a.Bytes != len(a.Body) || string(a.Raw) != string(raw) {
			t.Errorf("body %q of %q", a.Body, raw)
		}
		end := 0
		for _, m := range a.Furniture {
			if _, err := a.Text(m.Span); err != nil || m.Start < end {
				t.Errorf("mark %+v after %d: %v", m, end, err)
			}
			end = m.End
		}
		last := -1
		for _, p := range segment.Passages(a.Body, a.Furniture) {
			if _, err := a.Text(p); err != nil || p.Empty() || p.Start <= last && last >= 0 || a.Marked(p) {
				t.Errorf("passage %+v after %d: %v", p, last, err)
			}
			last = p.Start
		}
		for _, s := range retrieval.Sentences(a) {
			if _, err := a.Text(s); err != nil || s.Empty() || a.Marked(s) {
				t.Errorf("sentence %+v: %v", s, err)
			}
		}
	})
}
