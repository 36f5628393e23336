package size

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseBytes reads what String writes, and numbers without a unit.
func ParseBytes(text string) (Bytes, error) {
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || value < 0 {
		return 0, fmt.Errorf("size: %q is no amount of bytes", text)
	}
	switch strings.ToUpper(unit) {
	case "", "B":
		return Bytes(value), nil
	case "KB":
		return Bytes(value * 1_000), nil
	case "MB":
		return Bytes(value * 1_000_000), nil
	case "GB":
		return Bytes(value * 1_000_000_000), nil
	case "TB":
		return Bytes(value * 1_000_000_000_000), nil
	}
	return 0, fmt.Errorf("size: unknown unit %q", unit)
}
