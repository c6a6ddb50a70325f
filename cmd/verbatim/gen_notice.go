//go:build ignore

// Gen_notice writes NOTICE: the licenses of the modules that are linked into
// the program, of Go's library, and of the data that the program embeds.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// data are the files beside embedded data that say where it comes from and
// under which license.
var data = []string{
	"retrieval/embed/ATTRIBUTION.md",
	"retrieval/wordnet/ATTRIBUTION.md",
}

func main() {
	log.SetFlags(0)
	if err := write(); err != nil {
		log.Fatal(err)
	}
}

func write() error {
	list, err := exec.Command("go", "list", "-e", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", ".").Output()
	if err != nil {
		return fmt.Errorf("list the modules: %w", err)
	}
	modules := strings.Split(strings.TrimSpace(string(list)), "\n")
	slices.Sort(modules)
	users := make(map[string][]string) // by license text
	var texts []string
	add := func(name, text string) {
		if text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")); users[text] == nil {
			texts = append(texts, text)
		}
		users[text] = append(users[text], name)
	}
	goLicense, err := os.ReadFile(filepath.Join(runtime.GOROOT(), "LICENSE"))
	if err != nil {
		return fmt.Errorf("read the license of Go: %w", err)
	}
	add("Go's standard library", string(goLicense))
	for _, m := range slices.Compact(modules) {
		name, dir, ok := strings.Cut(m, "\t")
		if !ok {
			continue
		}
		text, err := licenses(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		add(name, text)
	}
	var b bytes.Buffer
	b.WriteString("Verbatim is under the Apache License, Version 2.0; see LICENSE. The libraries and\nthe data that are part of the program are under the licenses below.\n")
	for _, path := range data {
		text, err := os.ReadFile(filepath.Join("..", "..", path))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n%s\n\n%s\n", strings.Repeat("=", 78), bytes.TrimSpace(text))
	}
	for _, text := range texts {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), strings.Join(users[text], "\n"), text)
	}
	return os.WriteFile("NOTICE", b.Bytes(), 0o644)
}

// licenses returns the text of the license and notice files in a module's
// root.
func licenses(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || strings.HasSuffix(name, ".GO") || !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE"}, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		parts = append(parts, strings.TrimSpace(string(text)))
	}
	if len(parts) == 0 {
		return "", fmt.Errorf("there is no license in %s", dir)
	}
	return strings.Join(parts, "\n\n"), nil
}
