-- only;
/* a; */ ;;
# b
