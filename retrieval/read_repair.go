package retrieval

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// How a body was decoded beyond its encoding, in words for a note.
const (
	noteEntities = "HTML entities (&amp;) in its text were decoded"
	noteTwice    = "its text was encoded twice (cafÃ©) and was read back"
)

// repairBody decodes well-formed HTML entities in a text without tags, once,
// and reads back UTF-8 text that was read as Windows-1252. notes say what was
// done.
func repairBody(body string) (repaired string, notes []string) {
	if strings.Contains(body, "&") && !tagRE.MatchString(body) {
		if decoded := entityRE.ReplaceAllStringFunc(body, html.UnescapeString); decoded != body {
			body, notes = decoded, append(notes, noteEntities)
		}
	}
	if back, ok := readBack(body); ok {
		body, notes = back, append(notes, noteTwice)
	}
	return body, notes
}

var (
	tagRE    = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>`)
	entityRE = regexp.MustCompile(`&(?:[A-Za-z]{2,8}[0-9]{0,2}|#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,5});`)
)

// readBack returns text with every UTF-8 sequence that was read as characters
// of Windows-1252 ("Ã©" for "é") put right. ok is false if the text has hardly
// any or has as many other letters outside of ASCII, so that they may be meant.
func readBack(text string) (back string, ok bool) {
	if !strings.ContainsAny(text, "ÃÂâÅÄÐðÎÏ") {
		return text, false
	}
	var b strings.Builder
	twice, other := 0, 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			b.WriteByte(text[i])
			i++
			continue
		}
		if r, size := sequenceAt(text[i:]); size > 0 {
			b.WriteRune(r)
			i += size
			twice++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		b.WriteRune(r)
		i += size
		other++
	}
	if twice == 0 || twice < 2 && other > 0 || other > twice {
		return text, false
	}
	return b.String(), true
}

// sequenceAt returns the character whose UTF-8 bytes were read as the
// characters that text begins with, and the length of these; 0 if there is
// none. A byte without a character in Windows-1252, which may have become
// U+FFFD, is known only if it closes a quotation.
func sequenceAt(text string) (r rune, size int) {
	if strings.HasPrefix(text, "â€\uFFFD") {
		return '”', len("â€\uFFFD")
	}
	var seq []byte
	for size < len(text) {
		c, n := utf8.DecodeRuneInString(text[size:])
		b, known := charmap.Windows1252.EncodeRune(c)
		if !known {
			if c < 0x80 || c > 0x9f { // a control character stands for its byte
				return 0, 0
			}
			b = byte(c)
		}
		if len(seq) == 0 && (b < 0xc2 || b > 0xf4) || len(seq) > 0 && (b < 0x80 || b > 0xbf) {
			return 0, 0
		}
		seq = append(seq, b)
		size += n
		if utf8.FullRune(seq) {
			break
		}
	}
	r, n := utf8.DecodeRune(seq)
	if r == utf8.RuneError || n != len(seq) {
		return 0, 0
	}
	return r, size
}

// StrayBytes reads raw, UTF-8 with a few bytes of Windows-1252 in it, as
// UTF-8. ok is false if the stray bytes are not few. note names the line of
// the first one.
func StrayBytes(raw []byte) (text []byte, note string, ok bool) {
	stray, letters, line := 0, 0, 0
	out := make([]byte, 0, len(raw)+16)
	n := 1
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			if raw[i] == '\n' {
				n++
			}
			out = append(out, raw[i])
			i++
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			if line == 0 {
				line = n
			}
			stray++
			r = charmap.Windows1252.DecodeByte(raw[i])
			if r == utf8.RuneError {
				return nil, "", false
			}
		} else {
			letters++
		}
		out = utf8.AppendRune(out, r)
		i += size
	}
	if stray == 0 || stray > letters {
		return nil, "", false
	}
	if stray == 1 {
		return out, fmt.Sprintf("line %d: a byte that is not UTF-8 was read as Windows-1252", line), true
	}
	return out, fmt.Sprintf("%d bytes that are not UTF-8 were read as Windows-1252, the first one in line %d", stray, line), true
}
