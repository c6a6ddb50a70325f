package english

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed en/*.txt
var files embed.FS

// section is one list as its file gives it.
type section struct {
	name, file string
	lines      []line
	yes, no    []string // examples
	kept       bool     // its entries stay though no text of the sets holds them
}

// line is an entry of a section with its place.
type line struct {
	text   string
	number int // from 1
}

// sections returns the sections of all files by name. The files are part of
// the program, so a malformed one is a fault of the program, which the
// package's test finds.
var sections = sync.OnceValue(func() map[string]*section {
	all := make(map[string]*section)
	names, err := fs.Glob(files, "en/*.txt")
	if err != nil {
		panic(fmt.Sprintf("english: list the embedded files: %v", err))
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(fmt.Sprintf("english: read %s: %v", name, err))
		}
		list, err := parse(path.Base(name), string(text))
		if err != nil {
			panic("english: " + err.Error())
		}
		for _, s := range list {
			if other := all[s.name]; other != nil {
				panic(fmt.Sprintf("english: section %s is in %s and in %s", s.name, other.file, s.file))
			}
			all[s.name] = s
		}
	}
	return all
})

// parse reads the sections of one file.
func parse(file, text string) ([]*section, error) {
	var list []*section
	scanner := bufio.NewScanner(strings.NewReader(text))
	for n := 1; scanner.Scan(); n++ {
		l := strings.TrimSpace(scanner.Text())
		if l == "" || l == "#" || strings.HasPrefix(l, "# ") {
			if len(list) > 0 && strings.HasPrefix(l, "# Kept:") {
				list[len(list)-1].kept = true
			}
			continue
		}
		if rest, ok := strings.CutPrefix(l, "["); ok {
			name, _, ok := strings.Cut(rest, "]")
			if !ok || name == "" {
				return nil, fmt.Errorf("%s:%d: a section's name is not closed", file, n)
			}
			list = append(list, &section{name: name, file: file})
			continue
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("%s:%d: an entry stands before the first section", file, n)
		}
		s := list[len(list)-1]
		switch {
		case strings.HasPrefix(l, "+ "):
			s.yes = append(s.yes, l[2:])
		case strings.HasPrefix(l, "- "):
			s.no = append(s.no, l[2:])
		default:
			s.lines = append(s.lines, line{text: l, number: n})
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return list, nil
}

// lookUp returns the section of that name.
func lookUp(name string) *section {
	s := sections()[name]
	if s == nil {
		panic("english: there is no section " + name)
	}
	return s
}
