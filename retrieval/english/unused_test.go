package english_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// TestUnused lists the entries that no text holds: neither the seeds nor, if
// VERBATIM_EVAL names their folder, the evaluation sets. They change nothing
// there, so they are to be deleted, or their section to say why they are kept.
func TestUnused(t *testing.T) {
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		t.Skip("VERBATIM_EVAL is not set: the seeds alone hold too few words")
	}
	seen := newSeen()
	for _, pattern := range []string{"../../seeds/*.txt", dir + "/seeds.jsonl", dir + "/natural/[a-e].*.jsonl*", dir + "/news/*.jsonl*", dir + "/guard-points.jsonl", dir + "/injections.jsonl"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, f := range files {
			seen.file(t, f)
		}
	}
	joined := seen.text.String()
	for _, s := range english.Sections() {
		var unused []string
		for _, e := range s.Entries {
			if !seen.entry(e, joined) {
				unused = append(unused, e)
			}
		}
		if len(unused) > 0 && !s.Kept {
			t.Errorf("%s [%s]: %d of %d are in no text: %s", s.File, s.Name, len(unused), len(s.Entries), strings.Join(unused, ", "))
		}
	}
}

// TestTokens finds entries that no token can equal, since they are cut into
// several or folded. What is compared before folding is free.
func TestTokens(t *testing.T) {
	for _, s := range english.Sections() {
		if !s.Words || s.File == "sentences.txt" || s.File == "heads.txt" || strings.HasSuffix(s.Name, ".sign") {
			continue
		}
		for _, e := range s.Entries {
			var tokens []string
			for tok := range words.Tokens(e) {
				tokens = append(tokens, tok.Text)
			}
			if len(tokens) != 1 || tokens[0] != e {
				t.Errorf("%s [%s]: %q is no token but %q", s.File, s.Name, e, tokens)
			}
		}
	}
}

// seen holds what stands in the texts.
type seen struct {
	vocabulary *words.Vocabulary
	bases      map[string]bool
	text       strings.Builder // the folded words of all texts, between spaces
}

func newSeen() *seen {
	return &seen{vocabulary: words.NewVocabulary(nil), bases: make(map[string]bool)}
}

// file reads a text, or JSON Lines with all their strings.
func (s *seen) file(t *testing.T, name string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines = bufio.NewScanner(z)
	}
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var value any = lines.Text()
		if strings.Contains(name, ".jsonl") {
			if err := json.Unmarshal(lines.Bytes(), &value); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		s.value(value)
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func (s *seen) value(v any) {
	switch v := v.(type) {
	case string:
		s.text.WriteString(" \n")
		s.text.WriteString(strings.ToLower(v)) // for signs and what is compared unfolded
		s.text.WriteString(" \n ")
		for _, tok := range s.vocabulary.View(v).Tokens {
			s.text.WriteString(tok.Text + " ")
			s.bases[tok.Text], s.bases[tok.Base], s.bases[tok.Stem] = true, true, true
		}
	case []any:
		for _, e := range v {
			s.value(e)
		}
	case map[string]any:
		for _, e := range v {
			s.value(e)
		}
	}
}

// entry reports whether a text holds a word, in some form, or a phrase.
func (s *seen) entry(e, joined string) bool {
	e = strings.ToLower(e)
	w := s.vocabulary.Word(e)
	return s.bases[e] || s.bases[w.Base] || s.bases[w.Stem] || strings.Contains(joined, " "+e+" ") || strings.ContainsAny(e, ".'’:-$€£₹¥%°\"@©(") && strings.Contains(joined, e) ||
		!strings.Contains(e, " ") && strings.Contains(joined, e)
}
