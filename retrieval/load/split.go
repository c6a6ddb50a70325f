package load

import (
	"bytes"
	"regexp"
)

var (
	// startRE matches the line above each article in downloads of Nexis ("2 of
	// 7 DOCUMENTS") and ProQuest ("Document 2 of 7").
	startRE = regexp.MustCompile(`^(?:\d+ (?:of|von|de|sur) \d+ (?:DOCUMENTS?|DOKUMENTE?N?)|(?:Document|Dokument) \d+ (?:of|von|de) \d+)$`)
	// endRE matches the line below each article in downloads of Nexis ("End of
	// Document") and Factiva ("Document BRHER00020210706eh76000xa", in the form
	// with field codes behind "AN").
	endRE = regexp.MustCompile(`^(?:End of Document|(?:AN\s+)?Document [A-Z]{2,}[A-Z0-9]*\d{8}[a-z0-9]+)$`)
)

// split returns the articles of a download of a news archive, each with its
// bytes in the file; one part, the file itself, if there are no several.
func split(raw []byte) [][]byte {
	var parts [][]byte
	from, marks := 0, 0
	add := func(to int) {
		if len(bytes.TrimSpace(raw[from:to])) > 0 {
			parts = append(parts, raw[from:to])
		}
		from = to
	}
	for at := 0; at < len(raw); {
		next := len(raw)
		if n := bytes.IndexByte(raw[at:], '\n'); n >= 0 {
			next = at + n + 1
		}
		line := bytes.TrimSpace(raw[at:next])
		switch {
		case len(line) > 80:
		case startRE.Match(line):
			marks++
			add(at)
		case endRE.Match(line):
			marks++
			add(next)
		}
		at = next
	}
	add(len(raw))
	if marks < 2 || len(parts) < 2 {
		return [][]byte{raw}
	}
	return parts
}
