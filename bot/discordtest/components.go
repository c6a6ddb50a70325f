package discordtest

import "fmt"

// Component types that are checked by name.
const (
	typeRow         = 1
	typeButton      = 2
	typeSelect      = 3
	typeInput       = 4
	typeTextDisplay = 10
	typeLabel       = 18
	styleLink       = 5
	stylePremium    = 6
)

// walk calls visit for a component and all below it, with its path.
func (c *Component) walk(path string, visit func(path string, c *Component)) {
	visit(path, c)
	for i := range c.Components {
		c.Components[i].walk(fmt.Sprintf("%s.components[%d]", path, i), visit)
	}
	if c.Component != nil {
		c.Component.walk(path+".component", visit)
	}
	if c.Accessory != nil {
		c.Accessory.walk(path+".accessory", visit)
	}
}

func (f *faultList) components(list []Component, v2 bool) {
	seen := map[string]bool{}
	count, text := 0, 0
	if !v2 && len(list) > maxRows {
		f.add("%d rows of components, at most %d", len(list), maxRows)
	}
	for i := range list {
		if !v2 && list[i].Type != typeRow {
			f.add("components[%d] has type %d, not a row", i, list[i].Type)
		}
		list[i].walk(fmt.Sprintf("components[%d]", i), func(path string, c *Component) {
			count++
			switch {
			case c.Type < 1 || c.Type > 20:
				f.add("%s has the unknown type %d", path, c.Type)
			case c.Type == typeRow:
				f.row(path, c)
			case c.Type == typeButton:
				f.button(path, c)
			case c.Type == typeSelect:
				f.selectMenu(path, c)
			case c.Type == typeInput || c.Type == typeLabel:
				f.add("%s has type %d, which only a modal may hold", path, c.Type)
			case c.Type == typeTextDisplay:
				text += len([]rune(c.Content))
				f.atLeastOne(path+".content", c.Content)
			}
			f.customID(path, c, seen)
		})
	}
	if v2 && count > maxComponentsV2 {
		f.add("%d components, at most %d", count, maxComponentsV2)
	}
	if text > maxTextV2 {
		f.add("text displays have %d runes together, at most %d", text, maxTextV2)
	}
}

func (f *faultList) customID(path string, c *Component, seen map[string]bool) {
	if c.CustomID == "" {
		return
	}
	f.atMost(path+".custom_id", c.CustomID, maxCustomID)
	if seen[c.CustomID] {
		f.add("%s.custom_id %q is used twice", path, c.CustomID)
	}
	seen[c.CustomID] = true
}

func (f *faultList) row(path string, c *Component) {
	if len(c.Components) == 0 {
		f.add("%s is an empty row", path)
	}
	if len(c.Components) > maxButtons {
		f.add("%s has %d buttons, at most %d", path, len(c.Components), maxButtons)
	}
	for _, x := range c.Components {
		if x.Type >= typeSelect && x.Type <= 8 && len(c.Components) > 1 {
			f.add("%s has more than one component beside a menu or input", path)
			return
		}
	}
}

func (f *faultList) button(path string, c *Component) {
	f.atMost(path+".label", c.Label, maxLabel)
	if c.Label == "" && len(c.Emoji) == 0 && c.Style != stylePremium {
		f.add("%s has neither label nor emoji", path)
	}
	switch {
	case c.Style < 1 || c.Style > stylePremium:
		f.add("%s has the style %d", path, c.Style)
	case c.Style == styleLink:
		if c.CustomID != "" || c.URL == "" {
			f.add("%s is a link: it has a URL and no custom_id", path)
		}
		f.link(path+".url", c.URL, maxURL)
	case c.Style < styleLink && (c.CustomID == "" || c.URL != ""):
		f.add("%s is not a link: it has a custom_id and no URL", path)
	}
}

func (f *faultList) selectMenu(path string, c *Component) {
	f.atLeastOne(path+".custom_id", c.CustomID)
	f.atMost(path+".placeholder", c.Placeholder, maxPlaceholder)
	if n := len(c.Options); n < 1 || n > maxOptions {
		f.add("%s has %d options, 1 to %d", path, n, maxOptions)
	}
	seen := map[string]bool{}
	for i, o := range c.Options {
		name := fmt.Sprintf("%s.options[%d].", path, i)
		f.atLeastOne(name+"label", o.Label)
		f.atLeastOne(name+"value", o.Value)
		f.atMost(name+"label", o.Label, maxOptionText)
		f.atMost(name+"value", o.Value, maxOptionText)
		f.atMost(name+"description", o.Description, maxOptionText)
		if seen[o.Value] {
			f.add("%svalue %q is used twice", name, o.Value)
		}
		seen[o.Value] = true
	}
}

// Modal is a form that the bot opened.
type Modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`
}

func (m Modal) check() []string {
	var f faultList
	f.atLeastOne("modal custom_id", m.CustomID)
	f.atMost("modal custom_id", m.CustomID, maxCustomID)
	f.atLeastOne("modal title", m.Title)
	f.atMost("modal title", m.Title, 45)
	if n := len(m.Components); n < 1 || n > 5 {
		f.add("modal has %d components, 1 to 5", n)
	}
	seen := map[string]bool{}
	for i := range m.Components {
		if t := m.Components[i].Type; t != typeRow && t != typeLabel && t != typeTextDisplay {
			f.add("modal components[%d] has type %d", i, t)
		}
		m.Components[i].walk(fmt.Sprintf("modal components[%d]", i), func(path string, c *Component) {
			f.customID(path, c, seen)
			switch c.Type {
			case typeLabel:
				f.atLeastOne(path+".label", c.Label)
				f.atMost(path+".label", c.Label, 45)
				f.atMost(path+".description", c.Description, 100)
			case typeInput:
				f.input(path, c, m.Components[i].Type == typeLabel)
			case typeSelect:
				f.selectMenu(path, c)
			case typeButton:
				f.add("%s is a button in a modal", path)
			}
		})
	}
	return f
}

func (f *faultList) input(path string, c *Component, labelled bool) {
	f.atLeastOne(path+".custom_id", c.CustomID)
	if !labelled {
		f.atLeastOne(path+".label", c.Label)
	}
	f.atMost(path+".label", c.Label, 45)
	f.atMost(path+".placeholder", c.Placeholder, 100)
	f.atMost(path+".value", c.Value, 4000)
	if c.Style != 1 && c.Style != 2 {
		f.add("%s has the style %d", path, c.Style)
	}
	if c.MinLength != nil && (*c.MinLength < 0 || *c.MinLength > 4000) || c.MaxLength != nil && (*c.MaxLength < 1 || *c.MaxLength > 4000) {
		f.add("%s has a length outside 0 to 4000", path)
	}
	if c.MaxLength != nil && len([]rune(c.Value)) > *c.MaxLength {
		f.add("%s.value is longer than max_length", path)
	}
}
