package slug

import (
	"strconv"
	"strings"
	"unicode"
)

type Option func(*Slugger)

func MaxLength(n int) Option { return func(s *Slugger) { s.max = n } }

func Replace(old, new string) Option {
	return func(s *Slugger) { s.replacements = append(s.replacements, old, new) }
}

type Slugger struct {
	max          int
	replacements []string
}

func NewSlugger(options ...Option) *Slugger {
	s := &Slugger{replacements: []string{"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "&", " and "}}
	for _, option := range options {
		option(s)
	}
	return s
}

func (s *Slugger) Make(text string) string {
	text = strings.NewReplacer(s.replacements...).Replace(strings.ToLower(text))
	words := strings.FieldsFunc(text, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	slug := ""
	for _, word := range words {
		next := strings.TrimPrefix(slug+"-"+word, "-")
		if s.max > 0 && len(next) > s.max {
			break
		}
		slug = next
	}
	return slug
}

func Make(text string, options ...Option) string { return NewSlugger(options...).Make(text) }

func Unique(slug string, taken func(string) bool) string {
	if !taken(slug) {
		return slug
	}
	for n := 2; ; n++ {
		if candidate := slug + "-" + strconv.Itoa(n); !taken(candidate) {
			return candidate
		}
	}
}
