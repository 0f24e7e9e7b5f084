// In: YAML. Out: the first place where a value should stand and none does, be it in a list or behind a name. Read as it comes, so that no depth and no number of aliases costs anything.
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lizhou.Computing.Models;

internal static class EmptyMembers
{
    private static readonly string[] Nothing = ["", "~", "null", "Null", "NULL"];

    /// <returns>Line and column, 1-based; null when every value is there.</returns>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static (int Line, int Column)? In(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        // Of each list and mapping around the place: whether it is a mapping, and whether a name stands next in it.
        var around = new Stack<(bool Mapping, bool Name)>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case Scalar { Style: ScalarStyle.Plain or ScalarStyle.Any } scalar when around.TryPeek(out var at) && !at.Name && Nothing.Contains(scalar.Value):
                    return ((int)scalar.Start.Line, (int)scalar.Start.Column);
                case Scalar or AnchorAlias:
                    Pass(around);
                    break;
                case MappingStart:
                    Pass(around);
                    around.Push((true, true));
                    break;
                case SequenceStart:
                    Pass(around);
                    around.Push((false, false));
                    break;
                case MappingEnd or SequenceEnd:
                    around.Pop();
                    break;
            }
        }

        return null;
    }

    private static void Pass(Stack<(bool Mapping, bool Name)> around)
    {
        if (around.TryPop(out var at))
        {
            around.Push((at.Mapping, at.Mapping && !at.Name));
        }
    }
}
