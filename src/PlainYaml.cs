// In: a YAML text from outside. Out: where it is more than plain: an anchor, which makes a small text endless, or levels deeper than a reader's stack. Nothing of it is built before that is known.
// Compiled into each room that reads YAML: the package is theirs, not everybody's.
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lizhou;

internal static class PlainYaml
{
    public const int Deepest = 20;

    /// <returns>Where it is hostile, or null. Throws what the parser throws of a text that is no YAML.</returns>
    public static Mark? Hostile(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > Deepest || parser.Current is AnchorAlias || parser.Current is NodeEvent { Anchor.IsEmpty: false })
            {
                return parser.Current.Start;
            }
        }

        return null;
    }
}
